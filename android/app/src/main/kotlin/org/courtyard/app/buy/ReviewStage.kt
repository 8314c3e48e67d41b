// The stage in which the whole slip is looked at before it is saved.

package org.courtyard.app.buy

import android.content.Context
import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.LinearLayout
import android.widget.TextView
import org.courtyard.app.R
import org.courtyard.app.look.FigureRow
import org.courtyard.app.look.FigureView
import org.courtyard.app.look.Figures
import org.courtyard.app.look.StateMark
import org.courtyard.app.look.rows
import org.courtyard.app.look.sayPrice
import org.courtyard.app.look.sayWeight
import org.courtyard.app.look.show
import org.courtyard.app.screen.showOrHide
import org.courtyard.app.screen.shownIf

/** Review: what to look at comes first, then every line with every number. */
class ReviewStage(
    private val context: Context,
    parent: ViewGroup,
    private val send: (BuyEvent) -> Unit,
    chooseDate: () -> Unit,
) : StageView {
    override val root: View = LayoutInflater.from(context).inflate(R.layout.buy_review, parent, false)

    init {
        root.findViewById<View>(R.id.more_lines).setOnClickListener { send(BuyEvent.MoreLines) }
        root.findViewById<View>(R.id.date_change).setOnClickListener { chooseDate() }
    }

    override fun render(model: BuyModel) {
        val slip = model.slip ?: return
        root.findViewById<LinearLayout>(R.id.findings)
            .rows(R.layout.buy_finding, slip.problems + slip.warnings) { view, found -> finding(view, slip, found) }
        root.findViewById<View>(R.id.asks_date).shownIf(slip.asksDay)
        root.findViewById<View>(R.id.date_right).setOnClickListener { send(BuyEvent.DayConfirmed(slip.date)) }
        root.findViewById<TextView>(R.id.asks_date_words).text = context.getString(R.string.buy_asks_date, slip.date)
        root.findViewById<LinearLayout>(R.id.lines)
            .rows(R.layout.buy_line, slip.lines) { view, line -> line(view, slip, line) }
    }

    private fun finding(view: View, slip: OpenSlip, found: Finding) {
        val problem = found in slip.problems
        (view as TextView).apply {
            val words = found.said.words(context)
            text = context.getString(R.string.state_with_shape, StateMark.LOOK.shape, words)
            contentDescription = words
            setTextColor(context.getColor(if (problem) R.color.red else R.color.ink))
            val there = wayTo(slip, found.place)
            setOnClickListener { there?.let(send) }
            isClickable = there != null
        }
    }

    /** Where a number that was pointed at is put right. */
    private fun wayTo(slip: OpenSlip, place: Place): BuyEvent? = when (place) {
        Place.Whole -> null
        // Of a line that was weighed the price is in question.
        is Place.Line ->
            if (slip.line(place.line)?.counted == 0) BuyEvent.WeighLine(place.line) else BuyEvent.PriceAsked(place.line)
        is Place.Weighing -> BuyEvent.WeighAgain(place.line, place.weighing)
        is Place.Deduction -> BuyEvent.DeductAsked(place.line)
    }

    private fun line(view: View, slip: OpenSlip, line: OpenLine) {
        view.findViewById<TextView>(R.id.line_name).text =
            context.getString(R.string.buy_product_grade, line.name, line.grade)
        view.findViewById<TextView>(R.id.line_contract).showOrHide(line.contract?.of(context))
        view.findViewById<LinearLayout>(R.id.line_rows)
            .rows(R.layout.figure_row, weighings(slip, line) + sums(slip, line) + prices(line)) { row, shown ->
                row.show(shown)
            }
        view.findViewById<FigureView>(R.id.line_amount).showMoney(line.amountFen)
        mapOf(
            R.id.line_weigh to BuyEvent.WeighLine(line.number),
            R.id.line_deduct to BuyEvent.DeductAsked(line.number),
            R.id.line_price to BuyEvent.PriceAsked(line.number),
            R.id.line_change to BuyEvent.ChangeLine(line.number),
            R.id.line_remove to BuyEvent.RemoveLine(line.number),
        ).forEach { (id, event) -> view.findViewById<View>(id).setOnClickListener { send(event) } }
    }

    private fun weighings(slip: OpenSlip, line: OpenLine): List<FigureRow> = line.weighings.map { weighed ->
        val number = weighed.number + 1
        val counts = weighed.counts == Counts.YES
        val (gross, tare) = context.sayWeight(weighed.grossG) to context.sayWeight(weighed.tareG)
        FigureRow(
            name = context.getString(
                when (weighed.counts) {
                    Counts.YES -> R.string.buy_weighing_number
                    Counts.REPLACED -> R.string.buy_weighing_replaced
                    Counts.REMOVED -> R.string.buy_weighing_removed
                },
                number,
            ),
            figure = { it.showWeight(weighed.netG) },
            under = context.getString(R.string.buy_weighing_of, gross, tare),
            gone = !counts,
            pointed = slip.at(Place.Weighing(line.number, weighed.number)).isNotEmpty(),
            spoken = if (counts) {
                val (jin, kg) = Figures.jin(weighed.netG) to Figures.kg(weighed.netG)
                context.getString(R.string.buy_weighing_spoken, number, jin, kg)
            } else {
                null
            },
            touch = if (counts) ({ send(BuyEvent.WeighAgain(line.number, weighed.number)) }) else null,
        )
    }

    /** Net, what is taken off and why, and what is paid for; the sums only where they say something. */
    private fun sums(slip: OpenSlip, line: OpenLine): List<FigureRow> {
        val all = ArrayList<FigureRow>()
        val taken = line.deductions
        if (line.counted > 1 || taken.isNotEmpty()) {
            all += FigureRow(context.getString(R.string.buy_net_row), { it.showWeight(line.netG) })
        }
        if (taken.isNotEmpty()) {
            all += FigureRow(
                name = context.getString(R.string.buy_deducted_row),
                figure = { it.showWeight(line.deductedG) },
                under = taken.joinToString("\n") { it.words.of(context) },
                pointed = taken.any { slip.at(Place.Deduction(line.number, it.number)).isNotEmpty() },
                touch = { send(BuyEvent.DeductAsked(line.number)) },
            )
            all += FigureRow(context.getString(R.string.buy_settlement_row), { it.showWeight(line.settlementG) })
        }
        return all
    }

    /** Each price with the weight that it is for, and why it is this one. */
    private fun prices(line: OpenLine): List<FigureRow> = line.segments.map { segment ->
        FigureRow(
            name = segment.why.of(context),
            figure = { it.showWords(context.sayPrice(segment.liPerKg)) },
            under = if (line.segments.size > 1) context.sayWeight(segment.weightG) else null,
        )
    }
}
