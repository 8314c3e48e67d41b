chart-table = 看数字
