"""Fuzz targets for everything that reads what came from outside, and the inputs that are tried in every test run."""
