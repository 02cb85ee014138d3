"""Files that an office takes along: workbooks."""
