"""Forms: XLSForm in, one immutable definition out, for phones, pages and the server's own check."""
