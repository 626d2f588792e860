"""Keys and sealing: the only area that imports cryptography. `docs/sealing.md` is its contract."""
