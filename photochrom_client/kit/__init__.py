"""What the plug-ins of all editors share beside the engine: previews, history, variants, downloads, texts."""
