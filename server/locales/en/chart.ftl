chart-table = The figures
