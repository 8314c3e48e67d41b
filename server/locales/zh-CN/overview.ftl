overview-title = 总览
overview-slips = 共 { $count } 张收购单
