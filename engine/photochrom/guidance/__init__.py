"""What a person says about the colors, brought to where it holds."""
