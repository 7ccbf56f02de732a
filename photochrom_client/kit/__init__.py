"""What the plug-ins of all editors share beside the engine: guidance, previews, history, variants, downloads, texts."""
