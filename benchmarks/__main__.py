"""python -m benchmarks [--articles N]"""

import argparse
import importlib
import os
import warnings

import django

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--articles", type=int, default=3000, help="how many to measure with (3000)")
    count = parser.parse_args().articles
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    warnings.simplefilter("ignore")
    django.setup()
    # The models can be imported from here on only.
    importlib.import_module("benchmarks.run").main(count)
