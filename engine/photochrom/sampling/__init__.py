"""Pictures at other sizes: proxies for networks, and colors brought back to full size."""
