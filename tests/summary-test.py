"""tests/summary counts what meson's log says, and nothing else."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

SUMMARY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "summary")


def entry(result, stdout="", name="room / case"):
    return {"name": name, "result": result, "stdout": stdout, "stderr": "",
            "duration": 1.5, "returncode": 0 if result == "OK" else 1}


def summary(*entries):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "testlog.json")
        with open(path, "w", encoding="utf-8") as log:
            for test in entries:
                log.write(json.dumps(test) + "\n")
        done = subprocess.run([sys.executable, SUMMARY, path], capture_output=True, text=True)
    return done.returncode, done.stdout


class Summary(unittest.TestCase):
    def last_line(self, *entries):
        status, text = summary(*entries)
        return status, text.splitlines()[-1]

    def test_counts_cases(self):
        self.assertEqual(self.last_line(
            entry("OK", "Running suite(s): a\n100%: Checks: 12, Failures: 0, Errors: 0\n"),
            entry("OK", "no suite of checks\n"),
            entry("SKIP", "no microphone\n")), (0, "13 passed, 0 failed, 1 skipped"))

    def test_failed_cases_and_their_output(self):
        status, text = summary(entry(
            "FAIL", "80%: Checks: 5, Failures: 1, Errors: 0\nfile.c:7: it broke\n"))
        self.assertEqual((status, text.splitlines()[-1]), (1, "4 passed, 1 failed, 0 skipped"))
        self.assertIn("file.c:7: it broke", text)

    def test_crash_and_time_out_count_as_one(self):
        self.assertEqual(self.last_line(entry("TIMEOUT"), entry("ERROR"), entry("OK")),
                         (1, "1 passed, 2 failed, 0 skipped"))

    def test_failure_after_all_checks_passed(self):
        self.assertEqual(self.last_line(
            entry("FAIL", "100%: Checks: 3, Failures: 0, Errors: 0\n==1==ERROR: LeakSanitizer\n")),
            (1, "2 passed, 1 failed, 0 skipped"))

    def test_counts_cases_of_unittest(self):
        self.assertEqual(self.last_line(
            entry("OK", ".s..\nRan 4 tests in 0.1s\n\nOK (skipped=1)\n"),
            entry("OK", "Ran 1 test in 0.1s\n\nOK\n"),
            entry("FAIL", "Ran 5 tests in 2.000s\n\nFAILED (failures=1, errors=1)\n")),
            (1, "7 passed, 2 failed, 1 skipped"))

    def test_nothing_run_is_a_failure(self):
        self.assertEqual(self.last_line(entry("SKIP", "no server\n")),
                         (1, "0 passed, 0 failed, 1 skipped"))

    def test_reason_of_a_skip_is_told(self):
        self.assertIn("skipped: room / case: no server", summary(entry("SKIP", "no server\n"))[1])


if __name__ == "__main__":
    unittest.main()
