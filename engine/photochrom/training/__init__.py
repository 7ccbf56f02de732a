"""How every shipped weight was made. Needs the extra `photochrom[train]`; nothing else imports this package."""
