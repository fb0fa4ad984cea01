"""A MoMo that fails on demand: raw sockets, a truthful ledger behind them, and a catalogue of faults in between."""
