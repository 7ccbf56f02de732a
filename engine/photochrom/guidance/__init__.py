"""What a person says about the colours, brought to where it holds."""
