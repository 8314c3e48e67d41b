"""The library that the apps load, called as they call it: through UniFFI, against a real server."""

import socket
import unittest

import courtyard_mobile as core
from county import Clock, County, Listener, synced

#: 2026-07-02 06:03:50 in Shanghai.
DAWN = 1_782_943_430
YEAR_2000 = 946_684_800


class Morning(unittest.TestCase):
    """One county; each test has a phone of its own."""

    @classmethod
    def setUpClass(cls):
        cls.county = County()
        cls.county.serve()

    @classmethod
    def tearDownClass(cls):
        cls.county.close()

    def enrolled(self, name, **given):
        phone = self.county.phone(name, **given)
        phone.enrol(self.county.invite())
        self.assertIsInstance(synced(phone), core.SyncOutcome.DONE)
        return phone

    def grower(self, phone, text="wxy"):
        return phone.search_growers(text, 10)[0]

    def product(self, phone, text):
        return phone.search_products(text, None)[0]

    def buy(self, phone, product, gross_g, tare_g, grower="wxy"):
        """One slip of one line; its number."""
        phone.begin_slip(self.grower(phone, grower).id)
        phone.add_line(self.product(phone, product).number, "A")
        phone.weigh(0, gross_g, tare_g)
        return phone.save_open_slip()

    def office_slips(self):
        return {row["slip"]: row for row in self.county.office("report", "slips")["slips"]}

    def test_three_lines_bought_offline_and_paid_are_what_the_office_has_after_the_sync(self):
        phone = self.enrolled("p1", clock=Clock(DAWN, 3_600))
        grower = self.grower(phone)
        self.assertEqual((grower.name, grower.village, grower.group), ("王秀英", "石桥村", "2组"))
        slip = phone.begin_slip(grower.id)
        self.assertEqual((slip.date, slip.grower_name), ("2026-07-02", "王秀英"))
        phone.add_line(self.product(phone, "bc").number, "A")
        phone.weigh(0, 12_852, 1_500)
        phone.add_line(self.product(phone, "黄瓜").number, "A")
        phone.weigh(1, 11_500, 1_500)
        phone.weigh(1, 9_500, 1_500)
        phone.deduct(1, "0.3:泥")
        phone.deduct(1, "2%:水")
        # The list has no price of tomatoes: one is agreed.
        slip = phone.add_line(self.product(phone, "104").number, "A")
        slip = phone.weigh(2, 5_000, 0)
        self.assertEqual([found.code for found in slip.problems], ["purchase.no_price"])
        slip = phone.state_price(2, core.read_price("2", core.WeightUnit.JIN))
        self.assertEqual(slip.problems, [])
        # 11.352 kg at 3.19, (18 - 0.3 - 0.36) kg at 3.20, 5 kg at 4.00 yuan
        self.assertEqual([line.amount_fen for line in slip.lines], [3_621, 5_549, 2_000])
        self.assertEqual((slip.net_g, slip.settlement_g, slip.amount_fen), (34_352, 33_692, 11_170))
        segment = slip.lines[0].segments[0]
        self.assertEqual((segment.weight_g, segment.price_li_per_kg), (11_352, 3_190))
        bought = phone.save_open_slip()
        self.assertEqual((bought.net_g, bought.amount_fen), (34_352, 11_170))
        self.assertIsNone(phone.open_slip())

        today = phone.today()
        self.assertEqual((today.date, today.amount_fen), ("2026-07-02", 11_170))
        self.assertEqual([row.mark for row in today.slips], [core.SlipMark.WAITING])
        review = phone.review_payout(grower.id, [bought.id], [])
        # Rounded up to a yuan in the grower's favour.
        self.assertEqual((review.owed_fen, review.cash_fen, review.rounding_fen), (11_170, 11_200, 30))
        self.assertEqual(review.float_after_fen, -11_200)
        paid = phone.pay(grower.id, [bought.id], [])
        self.assertEqual((paid.cash_fen, paid.left_fen), (11_200, 0))
        self.assertNotIn(bought.id, self.office_slips())

        done = synced(phone)
        self.assertIsInstance(done, core.SyncOutcome.DONE)
        self.assertEqual(done.sent, 2)
        row = self.office_slips()[bought.id]
        self.assertEqual((row["net_g"], row["amount_fen"]), (34_352, 11_170))
        shown = phone.slip(bought.id)
        self.assertEqual(shown.mark, core.SlipMark.SYNCED)
        self.assertEqual((shown.paid_fen, shown.remaining_fen), (11_170, 0))
        self.assertEqual([part.payout for part in shown.payouts], [paid.id])
        self.assertEqual([len(line.weighings) for line in shown.lines], [1, 2, 1])
        self.assertEqual(phone.today().waiting, 0)

    def test_what_cannot_be_saved_says_which_weighing_to_look_at_in_both_languages(self):
        phone = self.enrolled("p2")
        phone.begin_slip(self.grower(phone).id)
        phone.add_line(self.product(phone, "102").number, "A")
        slip = phone.weigh(0, 1_500, 1_500)
        problem = slip.problems[0]
        self.assertEqual(problem.code, "purchase.tare_not_below_gross")
        self.assertEqual((problem.place.line, problem.place.weighing), (0, 0))
        self.assertIn("皮重", problem.words.zh)
        self.assertIn("tare", problem.words.en.lower())
        with self.assertRaises(core.CourtyardError.Problem) as refused:
            phone.save_open_slip()
        self.assertEqual(refused.exception.code, problem.code)
        self.assertIn("皮重", refused.exception.reason_zh)
        # Nothing is lost by the refusal; the weighing is replaced and stays visible.
        slip = phone.replace_weighing(0, 0, 11_500, 1_500)
        self.assertEqual(slip.problems, [])
        self.assertTrue(slip.lines[0].weighings[0].state.is_REPLACED_BY())
        saved = phone.slip(phone.save_open_slip().id)
        self.assertEqual([w.gross_g for w in saved.lines[0].replaced], [1_500])

    def test_a_weighing_can_be_tried_before_it_is_taken(self):
        phone = self.enrolled("t1")
        phone.begin_slip(self.grower(phone).id)
        phone.add_line(self.product(phone, "102").number, "A")
        before = phone.weigh(0, 12_852, 1_500)
        tried = phone.try_weighing(0, 1_000_000, 1_500)
        self.assertEqual(tried.net_g, 998_500)
        self.assertEqual([found.code for found in tried.problems], ["purchase.beyond_capacity"])
        self.assertEqual(phone.try_weighing(0, 5_000, 0, replacing=0).problems, [])
        self.assertEqual(phone.open_slip(), before)

    def test_growers_stand_in_the_order_in_which_they_are_looked_for_and_who_waits_for_cash_is_listed(self):
        county = County()
        self.addCleanup(county.close)
        county.serve()
        phone = county.phone("q1")
        phone.enrol(county.invite())
        synced(phone)
        # Nobody has sold yet: by pinyin, li before wang.
        self.assertEqual([grower.name for grower in phone.growers(10)], ["李国华", "王秀英"])
        first = self.buy(phone, "102", 12_852, 1_500, "wxy")
        self.buy(phone, "103", 5_000, 0, "wxy")
        self.assertEqual([grower.name for grower in phone.growers(10)], ["王秀英", "李国华"])
        waits = phone.unpaid_growers()
        self.assertEqual([(row.grower_name, row.owed_fen, row.slips) for row in waits], [("王秀英", 5_221, 2)])
        review = phone.review_payout(waits[0].grower, [first.id], [])
        self.assertIn("1 元", review.rounding_rule.zh)
        self.assertIn("1 yuan", review.rounding_rule.en)
        phone.pay(waits[0].grower, [], [])
        self.assertEqual(phone.unpaid_growers(), [])
        self.assertEqual(phone.today().advanced_fen, 5_300)

    def test_a_shared_phone_is_locked_until_somebody_enters_their_pin(self):
        phone = self.enrolled("t2")
        self.assertEqual(phone.operators(), [])
        phone.set_pin(0, "赵管家", "4711")
        phone.sign_in(0, "4711")
        phone.set_pin(7, "钱司磅", "80253")
        phone.lock()
        self.assertTrue(phone.is_locked())
        with self.assertRaises(core.CourtyardError.Problem) as refused:
            phone.begin_slip(self.grower(phone).id)
        self.assertEqual(refused.exception.code, "operator.locked")
        with self.assertRaises(core.CourtyardError.Problem) as refused:
            phone.sign_in(7, "4711")
        self.assertEqual(refused.exception.code, "operator.wrong_pin")
        self.assertTrue(phone.sign_in(7, "80253").works)
        self.buy(phone, "102", 5_000, 0)
        phone.lock()
        self.assertTrue(phone.is_locked())

    def test_the_people_of_a_slip_and_of_its_payout_are_named(self):
        phone = self.enrolled("t3")
        grower = self.grower(phone)
        self.assertEqual(phone.persons(grower.id), [])
        phone.begin_slip(grower.id)
        phone.add_line(self.product(phone, "102").number, "A")
        phone.weigh(0, 5_000, 0)
        slip = phone.set_details(0, 3, " HG-17 ")
        self.assertEqual((slip.deliverer, slip.certificate), (3, "HG-17"))
        with self.assertRaises(core.CourtyardError.Typed) as refused:
            phone.save_open_slip()
        self.assertEqual(refused.exception.code, "steward.unknown")
        phone.set_details(0, 0, "HG-17")
        slip = phone.save_open_slip().id
        with self.assertRaises(core.CourtyardError.Typed):
            phone.pay(grower.id, [slip], [], core.Recipient(payee=0, proxy=3))
        self.assertEqual(phone.slip(slip).paid_fen, 0)

    def test_what_the_office_asks_is_read_on_the_slip_and_answered(self):
        phone = self.enrolled("t4")
        slip = self.buy(phone, "102", 12_852, 1_500).id
        synced(phone)
        self.county.office("admin", "user", "add", "--name", "李审核", "--role", "reviewer")
        self.county.office("admin", "ask", slip, "--text", "毛重对吗？", "--by", "李审核")
        synced(phone)
        shown = phone.slip(slip)
        self.assertEqual(shown.mark, core.SlipMark.QUESTION)
        question = shown.questions[0]
        self.assertEqual((question.topic.zh, question.waits), ("核实", True))
        self.assertEqual([word.text for word in question.said], ["毛重对吗？"])
        phone.answer(question.id, "复秤过，没错。", True)
        self.assertEqual([word.text for word in phone.slip(slip).questions[0].said][1:], ["复秤过，没错。"])
        self.assertFalse(phone.slip(slip).questions[0].waits)
        self.assertEqual(phone.slip(slip).mark, core.SlipMark.SYNCED)

    def test_a_contract_signed_on_another_phone_prices_the_line_and_says_how_far_it_is(self):
        phone = self.enrolled("t5")
        grower = self.grower(phone, "lgh")
        other = str(self.county.path / "other")
        self.county.steward(other, "enrol", "--invitation", self.county.invite())
        self.county.steward(other, "sync")
        self.county.steward(
            other, "contract", "sign", "--grower", grower.id, "--product", "菠菜", "--area", "0.3mu",
            "--quantity", "20jin", "--floor", "2.50/jin", "--from", "2020-01-01", "--to", "2099-12-31",
        )
        self.county.steward(other, "sync")
        synced(phone)
        contract = self.grower(phone, "lgh").contracts[0]
        self.assertEqual((contract.product_name, contract.quantity_g), ("菠菜", 10_000))
        self.assertEqual((contract.area.zh, contract.tolerance, contract.floor_li_per_kg), ("0.3 亩", "0%", 5_000))
        self.assertIn("随行就市", contract.beyond.zh)
        self.assertTrue(phone.products(grower.id)[0].contracted)
        phone.begin_slip(grower.id)
        phone.add_line(contract.product, "A")
        line = phone.weigh(0, 12_000, 0).lines[0]
        # 10 kg at the floor, 2 kg beyond the contract at the list's 3.19
        self.assertEqual([(s.weight_g, s.price_li_per_kg) for s in line.segments], [(10_000, 5_000), (2_000, 3_190)])
        self.assertIn("已交 0 斤 / 合同 20 斤", line.contract.zh)
        saved = phone.slip(phone.save_open_slip().id).lines[0]
        self.assertEqual((saved.contract, saved.amount_fen), (contract.id, 5_638))
        self.assertIn("已交 24 斤 / 合同 20 斤", self.grower(phone, "lgh").contracts[0].progress.zh)

    def test_a_damaged_file_is_set_aside_and_nothing_of_it_is_deleted(self):
        phone = self.enrolled("t6")
        self.buy(phone, "102", 12_852, 1_500)
        del phone
        file = self.county.path / "t6" / "courtyard.db"
        whole = file.read_bytes()
        file.write_bytes(whole[:4_096] + b"\xa5" * (len(whole) - 4_096))
        with self.assertRaises(core.CourtyardError.Store) as refused:
            self.county.phone("t6")
        self.assertEqual(refused.exception.code, "store.corrupt")
        kept = sorted((self.county.path / "t6").glob("courtyard.db.damaged-*"))
        self.assertEqual([path.suffix for path in kept][-1], ".jsonl")
        self.assertEqual(kept[0].stat().st_size, len(whole))
        self.assertIn(str(kept[0]), refused.exception.reason_zh)
        self.assertFalse(self.county.phone("t6").is_enrolled())

    def test_the_status_counts_what_waits(self):
        phone = self.enrolled("t7")
        self.buy(phone, "102", 5_000, 0)
        status = phone.status()
        self.assertEqual((status.waiting_entries, status.held, status.set_aside), (1, 0, 0))
        self.assertTrue(status.reserved)
        self.assertFalse(status.revoked)

    def test_a_draft_survives_the_process_and_a_discarded_one_comes_back(self):
        phone = self.enrolled("p3")
        phone.begin_slip(self.grower(phone).id)
        phone.add_line(self.product(phone, "102").number, "A")
        before = phone.weigh(0, 12_852, 1_500)
        del phone
        again = self.county.phone("p3")
        self.assertEqual(again.open_slip(), before)
        with self.assertRaises(core.CourtyardError.Problem) as refused:
            again.begin_slip(before.grower)
        self.assertEqual(refused.exception.code, "open_slip.another")
        kept = again.discard_open_slip()
        self.assertIsNone(again.open_slip())
        self.assertEqual(again.restore_open_slip(kept), before)

    def test_a_slips_qr_is_an_address_in_capitals_that_the_checker_believes(self):
        phone = self.enrolled("p4")
        bought = self.buy(phone, "102", 12_852, 1_500)
        qr = phone.slip_qr(bought.id)
        self.assertTrue(qr.text.startswith(self.county.address.upper() + "/C/CQ1."), qr.text)
        self.assertEqual(len(qr.modules), qr.size * qr.size)
        # The three corners of every QR are rings of dark modules.
        self.assertEqual(list(qr.modules[:7]), [1] * 7)
        self.assertEqual(list(qr.modules[qr.size : qr.size + 7]), [1, 0, 0, 0, 0, 0, 1])

    def test_a_void_of_the_same_day_takes_the_slip_back(self):
        phone = self.enrolled("p5")
        before = phone.today().amount_fen
        bought = self.buy(phone, "103", 5_000, 0)
        counted, listed = phone.today().count, len(phone.today().slips)
        with self.assertRaises(core.CourtyardError.Problem):
            phone.void_entry(bought.id, " ", False)
        phone.void_entry(bought.id, "记错户", False)
        self.assertEqual(phone.slip(bought.id).mark, core.SlipMark.VOID)
        self.assertEqual(phone.today().amount_fen, before)
        self.assertEqual((phone.today().count, len(phone.today().slips)), (counted - 1, listed))

    def test_errors_carry_a_stable_code_and_both_languages(self):
        phone = self.county.phone("p6")
        self.assertFalse(phone.is_enrolled())
        for call, code in [
            (lambda: phone.enrol("CY1.NONSENSE"), "steward.not_an_invitation"),
            (lambda: phone.today(), "steward.not_enrolled"),
            (lambda: phone.begin_slip("H-000-1"), "steward.unknown"),
            (lambda: phone.begin_slip("nobody"), "typed.not_a_grower"),
            (lambda: phone.slip("000-000001"), "steward.unknown"),
            (lambda: core.read_weight("一筐", core.WeightUnit.JIN), "typed.unreadable"),
        ]:
            with self.assertRaises(core.CourtyardError) as refused:
                call()
            error = refused.exception
            self.assertEqual(error.code, code)
            self.assertRegex(error.reason_zh, "[\u4e00-\u9fff]{4}")
            self.assertRegex(error.reason_en, "[a-z]{4}")

    def test_numbers_are_written_and_read_by_the_core(self):
        jin, kg = core.WeightUnit.JIN, core.WeightUnit.KG
        self.assertEqual(core.read_weight("58.5", jin), 29_250)
        self.assertEqual(core.read_weight("58.5", kg), 58_500)
        self.assertEqual(core.read_weight("58.5公斤", jin), 58_500)
        self.assertEqual(core.read_price("1.60", jin), 3_200)
        self.assertEqual(core.read_yuan("12.34"), 1_234)
        self.assertEqual((core.jin_number(29_250), core.kg_number(29_250)), ("58.5", "29.25"))
        self.assertEqual(core.weight_words(29_250).zh, "58.5 斤 (29.25 kg)")
        self.assertEqual(core.yuan_text(123_456), "¥1,234.56")
        self.assertEqual(core.price_words(3_200).zh, "1.60 元/斤 (3.20 元/kg)")

    def test_no_signal_is_no_failure_and_buying_goes_on_during_a_sync_that_hangs(self):
        county = County()
        self.addCleanup(county.close)
        address = county.serve()
        phone = county.phone("q1")
        phone.enrol(county.invite())
        self.assertIsInstance(synced(phone), core.SyncOutcome.DONE)
        county.stop()
        self.assertIsInstance(synced(phone), core.SyncOutcome.OFFLINE)
        # Somebody else takes the request there and never answers.
        port = int(address.rsplit(":", 1)[1])
        with socket.create_server(("127.0.0.1", port)) as listening:
            listener = Listener()
            handle = phone.start_sync(listener)
            connection, _ = listening.accept()
            # The sync waits for an answer; a slip is bought and read all the same.
            bought = self.buy(phone, "103", 5_000, 0)
            self.assertEqual(phone.slip(bought.id).amount_fen, 1_600)
            self.assertFalse(listener.over.is_set())
            handle.stop()
            self.assertTrue(listener.over.wait(60))
            self.assertIsInstance(listener.outcome, core.SyncOutcome.STOPPED)
            connection.close()
        county.serve(address.removeprefix("http://"))
        self.assertEqual(synced(phone).sent, 1)

    def test_a_key_store_seals_the_key_and_nothing_is_written_without_it(self):
        keys = Turning()
        phone = self.enrolled("p8", keys=keys)
        self.buy(phone, "102", 12_852, 1_500)
        del phone
        with self.assertRaises(core.CourtyardError.Store) as refused:
            self.county.phone("p8")
        self.assertEqual(refused.exception.code, "store.key_sealed")
        keys.broken = True
        with self.assertRaises(core.CourtyardError.Store) as refused:
            self.county.phone("p8", keys=keys)
        self.assertEqual(refused.exception.code, "store.key_sealed")
        keys.broken = False
        again = self.county.phone("p8", keys=keys)
        self.buy(again, "102", 5_000, 0)
        self.assertEqual(synced(again).sent, 2)

    def test_a_clock_of_the_year_2000_is_asked_about_once(self):
        clock = Clock(DAWN, 3_600)
        phone = self.enrolled("p9", clock=clock)
        self.buy(phone, "102", 5_000, 0)
        clock.wall, clock.uptime = YEAR_2000, 4_000
        self.assertTrue(phone.today().asks_for_day)
        slip = phone.begin_slip(self.grower(phone).id)
        self.assertIn("warn.clock_doubt", [found.code for found in slip.warnings])
        phone.confirm_day("2026-07-02")
        self.assertEqual(phone.today().date, "2026-07-02")
        self.assertFalse(phone.today().asks_for_day)
        self.assertEqual(phone.open_slip().date, "2026-07-02")
        self.assertNotIn("warn.clock_doubt", [found.code for found in phone.open_slip().warnings])


class Turning(core.KeyStore):
    """A key store that turns every byte around and puts a mark in front."""

    broken = False

    def seal(self, secret):
        return b"\x01" + bytes(255 - byte for byte in secret)

    def unseal(self, sealed):
        if self.broken:
            raise core.KeyStoreError.Unavailable("the keychain is locked")
        return bytes(255 - byte for byte in sealed[1:])


if __name__ == "__main__":
    unittest.main()
