// The day at a glance, on Android.

package org.courtyard.app.today

import android.app.DatePickerDialog
import android.content.Intent
import android.os.Bundle
import android.view.View
import android.view.ViewGroup
import android.widget.BaseAdapter
import android.widget.Button
import android.widget.ListView
import android.widget.TextView
import org.courtyard.app.R
import org.courtyard.app.buy.BuyActivity
import org.courtyard.app.device.Signal
import org.courtyard.app.enrol.EnrolActivity
import org.courtyard.app.ledger.Sync
import org.courtyard.app.ledger.look
import org.courtyard.app.look.FigureView
import org.courtyard.app.look.StateMark
import org.courtyard.app.look.StateView
import org.courtyard.app.look.Trouble
import org.courtyard.app.look.TroubleView
import org.courtyard.app.pay.PayActivity
import org.courtyard.app.screen.Next
import org.courtyard.app.screen.ScreenActivity
import org.courtyard.app.screen.onTouch
import org.courtyard.app.screen.showOrHide
import org.courtyard.app.screen.shownIf
import org.courtyard.app.screen.view
import org.courtyard.app.slip.SlipActivity
import org.courtyard.core.SlipInList
import org.courtyard.core.Today
import java.time.LocalDate

/** Shows [TodayScreen]. It keeps nothing: the ledger is asked again. */
class TodayActivity : ScreenActivity<TodayModel, TodayEvent, TodayEffect>(TodayScreen) {
    private val list = SlipList()
    private val watching: (Sync) -> Unit = { post(TodayEvent.SyncIs(it)) }
    private val signal by lazy { Signal(this) { post(TodayEvent.Awake) } }

    override val layout = R.layout.today

    override fun begin(kept: Bundle?): Next<TodayModel, TodayEffect> = Next(TodayModel())

    override fun bind() {
        view<ListView>(R.id.slips).apply {
            addHeaderView(layoutInflater.inflate(R.layout.today_head, this, false), null, false)
            adapter = list
            setOnItemClickListener { _, _, _, id ->
                model.day?.slips?.getOrNull(id.toInt())?.let { send(TodayEvent.SlipAsked(it.id)) }
            }
        }
        onTouch(R.id.buy) { send(TodayEvent.BuyAsked) }
        onTouch(R.id.pay) { send(TodayEvent.PayAsked) }
        onTouch(R.id.say_day) { send(TodayEvent.DayAsked) }
        onTouch(R.id.sync) { send(TodayEvent.SyncTouched) }
    }

    override fun shown(): TodayEvent = TodayEvent.Awake

    override fun onStart() {
        super.onStart()
        courtyard.syncing.watch(watching)
        signal.start()
    }

    override fun onStop() {
        signal.stop()
        courtyard.syncing.leave(watching)
        super.onStop()
    }

    override fun render(model: TodayModel) {
        val day = model.day
        view<TroubleView>(R.id.trouble).show(model.trouble)
        view<Button>(R.id.buy).apply {
            // A phone that was ended finishes the slip on its scale and begins none.
            isEnabled = day != null && (day.slipOpen || !day.revoked)
            setText(if (day?.slipOpen == true) R.string.today_buy_on else R.string.today_buy)
        }
        view<Button>(R.id.pay).isEnabled = day != null
        view<TextView>(R.id.date).text =
            day?.let { Since.day(this, it.date) } ?: getString(R.string.today_reading)
        view<TextView>(R.id.place).showOrHide(day?.let { getString(R.string.today_place, it.village, it.device) })
        view<View>(R.id.clock).shownIf(day?.asksForDay == true)
        view<TextView>(R.id.clock_words).text =
            day?.let { getString(R.string.today_clock, StateMark.LOOK.shape, Since.day(this, it.date)) }
        view<TextView>(R.id.revoked)
            .showOrHide(if (day?.revoked == true) getString(R.string.today_revoked, StateMark.LOOK.shape) else null)
        view<FigureView>(R.id.weight).showWeight(day?.settlementG ?: 0, lines = true)
        view<FigureView>(R.id.money).showMoney(day?.amountFen ?: 0)
        val slips = day?.slips.orEmpty()
        val count = day?.count?.toInt() ?: 0
        view<FigureView>(R.id.count).showCount(count, resources.getQuantityString(R.plurals.today_slips, count))
        showFloat(day)
        showSync(model)
        view<TextView>(R.id.empty)
            .showOrHide(if (day != null && slips.isEmpty()) getString(R.string.today_empty) else null)
        list.show(slips)
    }

    /** Below zero the steward advanced money (垫付), which is said in words and not by a sign. */
    private fun showFloat(day: Today?) {
        val advanced = day?.advancedFen ?: 0
        view<TextView>(R.id.float_label)
            .setText(if (advanced > 0) R.string.today_advanced else R.string.today_float)
        view<FigureView>(R.id.cash).showMoney(if (advanced > 0) advanced else day?.floatFen ?: 0)
    }

    private fun showSync(model: TodayModel) {
        val waiting = model.day?.waiting?.toInt() ?: 0
        val never = model.day != null && model.day.lastSyncS == null
        view<StateView>(R.id.waiting).apply {
            if (waiting == 0 && never) {
                show(StateMark.WAITING, getString(R.string.today_never_synced))
            } else if (waiting == 0) {
                show(StateMark.SYNCED, getString(R.string.today_all_synced))
            } else {
                show(StateMark.WAITING, resources.getQuantityString(R.plurals.today_waiting, waiting, waiting))
            }
        }
        val last = model.day?.lastSyncS?.let { Since.words(this, it, model.readS) }.orEmpty()
        val words = when (val sync = model.sync) {
            Sync.Still -> last
            is Sync.Running -> getString(R.string.today_syncing, sync.sent, sync.fetched)
            is Sync.Done -> last + " " + getString(R.string.today_sync_done, sync.sent, sync.fetched)
            Sync.Offline -> getString(R.string.today_offline) + " " + last
            Sync.Stopped -> getString(R.string.today_stopped)
            is Sync.Failed -> getString(R.string.state_with_shape, StateMark.LOOK.shape, sync.trouble.words(this))
        }
        view<TextView>(R.id.sync_words).showOrHide(words.trim().ifEmpty { null })
        view<Button>(R.id.sync)
            .setText(if (model.sync is Sync.Running) R.string.today_stop else R.string.today_sync)
    }

    override fun perform(effect: TodayEffect): TodayEvent? {
        val ledger = courtyard.ledger
        when (effect) {
            TodayEffect.Read ->
                return if (ledger.isEnrolled()) {
                    TodayEvent.Read(ledger.today(), courtyard.clock.wallS())
                } else {
                    TodayEvent.NotEnrolled
                }
            is TodayEffect.ConfirmDay -> {
                ledger.confirmDay(effect.date)
                return TodayEvent.Awake
            }
            TodayEffect.StartSync -> if (ledger.isEnrolled()) courtyard.syncing.start()
            TodayEffect.StopSync -> courtyard.syncing.stop()
            TodayEffect.OpenBuy -> startActivity(Intent(this, BuyActivity::class.java))
            TodayEffect.OpenPay -> startActivity(PayActivity.of(this))
            is TodayEffect.OpenSlip -> startActivity(SlipActivity.of(this, effect.id))
            else -> Unit
        }
        return null
    }

    override fun refused(effect: TodayEffect, trouble: Trouble): TodayEvent = TodayEvent.Failed(trouble)

    override fun show(effect: TodayEffect) {
        when (effect) {
            is TodayEffect.AskDay -> askDay(LocalDate.parse(effect.from))
            TodayEffect.OpenEnrol -> {
                startActivity(Intent(this, EnrolActivity::class.java))
                finish()
            }
            TodayEffect.OpenBuy -> startActivity(Intent(this, BuyActivity::class.java))
            TodayEffect.OpenPay -> startActivity(PayActivity.of(this))
            is TodayEffect.OpenSlip -> startActivity(SlipActivity.of(this, effect.id))
            else -> Unit
        }
    }

    private fun askDay(from: LocalDate) {
        val said = { year: Int, month: Int, day: Int ->
            // The picker counts months from 0.
            send(TodayEvent.DaySaid(LocalDate.of(year, month + 1, day).toString()))
        }
        DatePickerDialog(
            this, { _, year, month, day -> said(year, month, day) },
            from.year, from.monthValue - 1, from.dayOfMonth,
        ).show()
    }

    /** The day's slips, a row each. */
    private inner class SlipList : BaseAdapter() {
        private var slips = emptyList<SlipInList>()

        fun show(new: List<SlipInList>) {
            if (new == slips) return
            slips = new
            notifyDataSetChanged()
        }

        override fun getCount() = slips.size
        override fun getItem(position: Int): SlipInList = slips[position]
        override fun getItemId(position: Int) = position.toLong()

        override fun getView(position: Int, convertView: View?, parent: ViewGroup): View {
            val row = convertView ?: layoutInflater.inflate(R.layout.today_slip, parent, false)
            val slip = slips[position]
            row.findViewById<TextView>(R.id.grower).text = slip.growerName
            row.findViewById<TextView>(R.id.number).text = slip.id
            row.findViewById<StateView>(R.id.state).show(slip.mark.look())
            row.findViewById<FigureView>(R.id.amount).showMoney(slip.amountFen)
            row.findViewById<FigureView>(R.id.slip_weight).showWeight(slip.settlementG)
            return row
        }
    }
}
