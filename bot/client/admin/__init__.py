"""What admins do: /daily, /packs, /privacy. Each command asks, renders, responds.

rights       who may, checked in code at every use
options      channels, names, zones, packs and speakers: read, and completed while typing
wishes       what was typed, as settings; checked with Discord before anything is saved
setting      /daily set, edit
running      /daily pause, resume, skip, now, preview, remove
looking      /daily list, history, doctor, alerts
daily        /daily as a whole
packs        /packs
privacy      /privacy show, erase
"""
