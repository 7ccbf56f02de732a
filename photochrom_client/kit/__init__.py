"""What all plug-ins share beside the engine: guidance, previews, history, variants, downloads, installation, texts."""
