"""How well the detector tells card skimming from everything else that shops' pages report. `bench/detection.sh` runs it.

`world` makes recorded traffic with labels, `families` says what happens in each scenario, `measures` compares the alerts with
the labels. Both know the file formats of `skimwatch backtest` and nothing of how the detector works.
"""
