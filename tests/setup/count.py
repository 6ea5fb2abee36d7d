#!/usr/bin/env python3
"""count.py JUNIT.xml STATUS: the closing line "N passed, N failed", over the cases inside each test. Exit 0 only when none failed."""
import sys
import xml.etree.ElementTree as ET

passed = failed = skipped = 0
for suite in ET.parse(sys.argv[1]).getroot().iter('testsuite'):
    for case in suite.iter('testcase'):
        if case.find('failure') is not None or case.find('error') is not None:
            failed += 1
        elif case.find('skipped') is not None:
            skipped += 1
        else:
            passed += 1
status = int(sys.argv[2])
if status and not failed:
    failed = 1
print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
sys.exit(1 if failed or not passed else 0)
