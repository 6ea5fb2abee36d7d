/* style: the style sheet of the report, in one string. */
#pragma once

extern const char style_css[];
