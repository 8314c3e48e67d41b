sign-in-title = 登录县社
sign-in-name = 用户名
sign-in-password = 密码
sign-in-go = 登录
sign-in-help = 忘了密码？请管理员用 courtyard admin user 重设。
sign-in-wrong = 用户名或密码不对，请重新输入。
