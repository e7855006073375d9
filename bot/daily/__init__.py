"""When to post a quote, and which one."""
