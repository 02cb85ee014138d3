"""What finds plans and bounds: kernels, searches, and the one owner of HiGHS."""
