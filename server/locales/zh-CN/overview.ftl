overview-title = 总览
overview-today = 今日
overview-this-month = 本月
overview-season = 本季
overview-other-season = 收购季
overview-slips = { $count ->
   *[other] { $shown } 张收购单
}
overview-last = 今天还没有收购单。最近一次收购是 { $date }。
overview-sentence = { $villages } 村 { $households } 户，自 { $since } 起，净重 { $jin } 斤（{ $kg } kg），收购额 { $amount }，户均月收购额 { $mean }。
overview-spoken = 今日 { $count } 张收购单，{ $jin } 斤，收购额 { $amount }。
overview-no-village = 还没有村。先建第一个村，再邀请它的手机。
overview-no-prices = 还没有价目表。在服务器上导入品种和价目，手机同步后就能收购：
overview-no-phone = 还没有手机。在“村与手机”里邀请一部，让管家把邀请文字粘贴到手机里。
overview-no-slip = 还没有收购单。手机同步第一张收购单后，这里会自己出现。
overview-set-up = 去村与手机
overview-years = 年份
overview-waiting = 待办
overview-unpaid = 未付款
overview-held = 留存待核
overview-open = 待办事项
overview-counting = 正在核对…
overview-phones = 手机
overview-phones-silent = { $silent ->
    [0] 共 { $all } 部
   *[other] 共 { $all } 部，{ $silent } 部久未联系
}
overview-silent = 已 { $days } 天没有联系
overview-all-phones = 全部 { $all } 部手机
overview-by-month = 每月收购额
overview-by-village = 各村收购额
overview-by-product = 各品种收购额
overview-chart = { $year } 年收购额，按{ $by }
overview-month = 月份
overview-village = 村
overview-product = 品种
overview-amount = 收购额
overview-jin = 斤
overview-before = { $year } 年同期
overview-month-name = { $month }月
overview-rest = 其余 { $count } 个
overview-adjusted = 整单调整
