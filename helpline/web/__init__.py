"""What every page of either front door shares: layout, security headers, quick exit, front-door dispatch."""
