sign-in-title = Sign in at the office
sign-in-name = User name
sign-in-password = Password
sign-in-go = Sign in
sign-in-help = Forgot the password? An administrator sets a new one with courtyard admin user.
sign-in-wrong = The name or the password is not right. Please type them again.
