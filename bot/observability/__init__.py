"""What a host watches: metrics and health, on a port of this machine that is off by default.

`meter` is what the other parts tell of themselves, `prometheus` keeps it as metrics, `health` knows
what is wrong just now, `listener` serves both, `operations` puts them together, `probe` asks from
outside. Nothing of it is imported but `meter` while the port is off.
"""
