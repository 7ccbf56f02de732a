"""What runs the networks: OpenVINO for the embedded model, torch for the published ones."""
