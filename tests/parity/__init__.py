"""Plans of calls, what real hosts answered to them, and the comparison with an emulated one."""
