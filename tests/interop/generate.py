"""600 purchases in the shape of the real file, from fixed numbers: for machines without it."""

print("date,time,village,household,item_code,item_name,grade,gross_kg,tare_kg,yuan_per_kg")
for n in range(600):
    month, day = 7 + n // 300, 1 + (n // 20) % 28
    minute, second = (n % 20) * 3, (n * 7) % 60
    village, house, item = n % 8 + 1, n % 5 + 1, n % 17
    gross_g, tare_g = 3_000 + (n * 7_919) % 20_000, 1_500
    price_fen = 5 + (item * 131 + n // 20 * 7) % 1_500
    print(
        f"2021-{month:02}-{day:02},06:{minute:02}:{second:02},V{village},V{village}-{house:02},"
        f"9{item:05},品{item},{'ABC'[n % 3]},{gross_g // 1000}.{gross_g % 1000:03},"
        f"{tare_g // 1000}.{tare_g % 1000:03},{price_fen // 100}.{price_fen % 100:02}"
    )
