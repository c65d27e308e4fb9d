"""How much the product bears: jobs in flight, jobs a second, and how both grow."""
