// The core's records as this screen's own: other names, the same values.

package org.courtyard.app.buy

import org.courtyard.app.look.Trouble
import org.courtyard.app.look.Words
import org.courtyard.core.Grower
import org.courtyard.core.Product
import org.courtyard.core.WeighingState
import org.courtyard.core.Finding as Found
import org.courtyard.core.OpenLine as CoreLine
import org.courtyard.core.OpenSlip as CoreSlip
import org.courtyard.core.Place as CorePlace
import org.courtyard.core.Words as CoreWords

/** The same words. */
fun CoreWords.shown() = Words(zh, en)

/** A household as a row. */
fun Grower.row() = GrowerRow(
    id = id,
    name = name,
    place = listOf(village, group).filter(String::isNotBlank).joinToString(" "),
    flags = flags,
    own = ownHousehold,
    contracts = contracts.map { Words("${it.productName} ${it.progress.zh}", "${it.productName} ${it.progress.en}") },
)

/** A product as a row. */
fun Product.row() = ProductRow(
    number = number.toInt(),
    name = name,
    grades = grades.map { GradeRow(it.grade, it.priceLiPerKg) },
    contracted = contracted,
)

/** What was found, with the place that it points at. */
fun Found.shown() = Finding(said(), place.shown())

/** Its words alone. */
fun Found.said() = Trouble(code, words.zh, words.en)

private fun CorePlace.shown(): Place = when (this) {
    CorePlace.Entry, is CorePlace.Allocation -> Place.Whole
    is CorePlace.Line -> Place.Line(line.toInt())
    is CorePlace.Weighing -> Place.Weighing(line.toInt(), weighing.toInt())
    is CorePlace.Deduction -> Place.Deduction(line.toInt(), deduction.toInt())
}

/** The open slip of this grower. */
fun CoreSlip.shown(grower: GrowerRow, asksDay: Boolean) = OpenSlip(
    grower = grower,
    date = date,
    asksDay = asksDay,
    lines = lines.filterNot { it.removed }.map { it.shown() },
    netG = netG,
    settlementG = settlementG,
    amountFen = amountFen,
    estimateFen = estimateFen,
    problems = problems.map { it.shown() },
    warnings = warnings.map { it.shown() },
)

private fun CoreLine.shown() = OpenLine(
    number = line.toInt(),
    product = product.toInt(),
    name = productName,
    grade = grade,
    weighings = weighings.mapIndexed { number, weighed ->
        val counts = when (weighed.state) {
            WeighingState.Counts -> Counts.YES
            is WeighingState.ReplacedBy -> Counts.REPLACED
            WeighingState.Removed -> Counts.REMOVED
        }
        Weighed(number, weighed.grossG, weighed.tareG, weighed.netG, counts)
    },
    deductions = deductions.mapIndexed { number, taken ->
        Deducted(number, Words("${taken.amount.zh} ${taken.reason}".trim(), "${taken.amount.en} ${taken.reason}".trim()))
    },
    netG = netG,
    deductedG = deductedG,
    settlementG = settlementG,
    listLiPerKg = listPriceLiPerKg,
    stated = statedLiPerKg != null,
    pending = pending,
    segments = segments.map { Segment(it.weightG, it.priceLiPerKg, it.reason.shown()) },
    amountFen = amountFen,
    contract = contract?.shown(),
)
