"""The worker that makes the daily posts.

`loop` takes what is due and rests until there is more. `deliveries` is the state machine of a
delivery and its only writer; `deliver` is the protocol with Discord, `alerts` tells admins, and
`follow_ups` opens threads below posts and publishes them.
`rate_limiter`, `breaker` and `batcher` share Discord's limits and the database's transactions;
`housekeeping` runs once a day; `context` is what they are all given.
"""
