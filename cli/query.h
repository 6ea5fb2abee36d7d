/* query: SQL over every captured page of a corpus. */
#pragma once

int cmd_query(int argc, char **argv);
