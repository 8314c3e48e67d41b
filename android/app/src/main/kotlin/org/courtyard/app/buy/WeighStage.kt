// The stage in which crates are weighed: what was weighed, and the figures that the pad types.

package org.courtyard.app.buy

import android.content.Context
import android.graphics.Paint
import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import org.courtyard.app.R
import org.courtyard.app.look.Figures
import org.courtyard.app.look.FigureView
import org.courtyard.app.look.TroubleView
import org.courtyard.app.look.TypedView
import org.courtyard.app.look.rows
import org.courtyard.app.look.sayJin
import org.courtyard.app.look.sayKg
import org.courtyard.app.look.sayWeight
import org.courtyard.app.screen.showOrHide
import org.courtyard.app.screen.shownIf

/** How a typed weight or share reads: its unit, and the same in the other unit. */
internal fun Context.unitOf(measure: Measure): String = when (measure) {
    Measure.JIN -> getString(R.string.unit_jin)
    Measure.KG -> getString(R.string.unit_kg)
    Measure.SHARE -> "%"
}

internal fun Context.otherOf(typed: Typed): String? = when (typed.measure) {
    Measure.JIN -> typed.value?.let(::sayKg)
    Measure.KG -> typed.value?.let(::sayJin)
    Measure.SHARE -> ""
}

/** Weighing. */
class WeighStage(
    private val context: Context,
    parent: ViewGroup,
    private val send: (BuyEvent) -> Unit,
) : StageView {
    override val root: View = LayoutInflater.from(context).inflate(R.layout.buy_weigh, parent, false)
    private val weighings = root.findViewById<LinearLayout>(R.id.weighings)
    private val gross = root.findViewById<TypedView>(R.id.gross)
    private val tare = root.findViewById<TypedView>(R.id.tare)
    private var shown = 0

    init {
        gross.setOnClickListener { send(BuyEvent.FigureChosen(Figure.GROSS)) }
        tare.setOnClickListener { send(BuyEvent.FigureChosen(Figure.TARE)) }
    }

    override fun render(model: BuyModel) {
        val pad = model.weigh
        val line = model.open
        val all = line?.weighings.orEmpty()
        weighings.rows(R.layout.buy_weighing, all) { view, weighed -> weighing(view, model, weighed) }
        val counted = line?.counted ?: 0
        root.findViewById<View>(R.id.net_line).shownIf(counted > 0)
        root.findViewById<TextView>(R.id.net_label).text =
            context.resources.getQuantityString(R.plurals.buy_net_of, counted, counted)
        root.findViewById<FigureView>(R.id.net_sum).showWeight(line?.netG ?: 0)
        root.findViewById<TextView>(R.id.replacing)
            .showOrHide(pad.replacing?.let { context.getString(R.string.buy_replacing, it + 1) })
        val problem = pad.gross.trouble ?: pad.tare.trouble ?: pad.problem
        root.findViewById<TroubleView>(R.id.weigh_problem).show(problem)
        figure(gross, R.string.buy_gross, pad.gross, pad.at == Figure.GROSS, problem != null && pad.tare.trouble == null)
        figure(tare, R.string.buy_tare, pad.tare, pad.at == Figure.TARE, problem != null && pad.gross.trouble == null)
        root.findViewById<FigureView>(R.id.net_typed).apply {
            val net = pad.netG
            if (net == null || problem != null) {
                text = "–"
                contentDescription = null
            } else {
                showWeight(net)
            }
        }
        toTheFigures(all.size, problem != null)
    }

    /** The figures that are typed stay in sight: the list moves up when it grows. */
    private fun toTheFigures(count: Int, problem: Boolean) {
        if (count == shown && !problem) return
        shown = count
        (root as ScrollView).post { root.fullScroll(View.FOCUS_DOWN) }
    }

    private fun figure(view: TypedView, name: Int, typed: Typed, now: Boolean, pointed: Boolean) {
        view.show(context.getString(name), typed.text, context.unitOf(typed.measure), context.otherOf(typed))
        view.isSelected = now
        view.isActivated = pointed
    }

    private fun weighing(view: View, model: BuyModel, weighed: Weighed) {
        val counts = weighed.counts == Counts.YES
        val number = weighed.number + 1
        val found = model.slip?.at(Place.Weighing(model.line, weighed.number)).orEmpty().isNotEmpty()
        val words = when (weighed.counts) {
            Counts.YES -> R.string.buy_weighing_number
            Counts.REPLACED -> R.string.buy_weighing_replaced
            Counts.REMOVED -> R.string.buy_weighing_removed
        }
        view.findViewById<TextView>(R.id.weighing_number).text = context.getString(words, number)
        val net = view.findViewById<FigureView>(R.id.weighing_net)
        net.showWeight(weighed.netG)
        net.setTextColor(context.getColor(if (found) R.color.persimmon else if (counts) R.color.ink else R.color.muted))
        val of = view.findViewById<TextView>(R.id.weighing_of)
        of.text = context.getString(
            R.string.buy_weighing_of, context.sayWeight(weighed.grossG), context.sayWeight(weighed.tareG),
        )
        for (text in listOf(net, of)) {
            text.paintFlags = if (counts) {
                text.paintFlags and Paint.STRIKE_THRU_TEXT_FLAG.inv()
            } else {
                text.paintFlags or Paint.STRIKE_THRU_TEXT_FLAG
            }
        }
        view.findViewById<View>(R.id.weighing_again).apply {
            isEnabled = counts
            isClickable = counts
            contentDescription = if (counts) {
                val (jin, kg) = Figures.jin(weighed.netG) to Figures.kg(weighed.netG)
                context.getString(R.string.buy_weighing_spoken, number, jin, kg)
            } else {
                null
            }
            setOnClickListener { send(BuyEvent.WeighAgain(model.line, weighed.number)) }
            isClickable = counts
        }
        view.findViewById<View>(R.id.weighing_remove).apply {
            visibility = if (counts) View.VISIBLE else View.INVISIBLE
            setOnClickListener { send(BuyEvent.RemoveWeighing(weighed.number)) }
        }
    }
}
