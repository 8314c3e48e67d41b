// Where 收购 was, in the few words that Android keeps while it takes an activity down.

package org.courtyard.app.buy

import android.os.Bundle

/** Writes and reads a [Spot]. */
object Spots {
    private const val STAGE = "stage"
    private const val LINE = "line"
    private const val AT = "at"
    private const val REPLACING = "replacing"
    private const val REASON = "reason"
    private const val RESUMED = "resumed"
    private const val SAVING = "saving"

    /** Keeps where the screen is. */
    fun write(model: BuyModel, state: Bundle) {
        // Not yet read: where it was before still holds.
        val spot = model.spot ?: Spot(
            model.stage, model.line, model.weigh, model.typed, model.reason, model.resumed, model.saving,
        )
        state.putString(STAGE, spot.stage.name)
        state.putInt(LINE, spot.line)
        typed(state, "gross", spot.weigh.gross)
        typed(state, "tare", spot.weigh.tare)
        typed(state, "typed", spot.typed)
        state.putString(AT, spot.weigh.at.name)
        spot.weigh.replacing?.let { state.putInt(REPLACING, it) }
        state.putString(REASON, spot.reason)
        state.putBoolean(RESUMED, spot.resumed)
        state.putBoolean(SAVING, spot.saving)
    }

    /** Where the screen was, if that was kept. */
    fun read(state: Bundle): Spot? {
        val stage = Stage.entries.find { it.name == state.getString(STAGE) } ?: return null
        return Spot(
            stage = stage,
            line = state.getInt(LINE),
            weigh = WeighPad(
                gross = typed(state, "gross"),
                tare = typed(state, "tare"),
                at = Figure.entries.find { it.name == state.getString(AT) } ?: Figure.GROSS,
                replacing = if (state.containsKey(REPLACING)) state.getInt(REPLACING) else null,
            ),
            typed = typed(state, "typed"),
            reason = state.getString(REASON).orEmpty(),
            resumed = state.getBoolean(RESUMED),
            saving = state.getBoolean(SAVING),
        )
    }

    private fun typed(state: Bundle, name: String, typed: Typed) {
        state.putString(name, typed.text)
        state.putString("$name measure", typed.measure.name)
        state.putBoolean("$name carried", typed.carried)
    }

    private fun typed(state: Bundle, name: String) = Typed(
        state.getString(name).orEmpty(),
        Measure.entries.find { it.name == state.getString("$name measure") } ?: Measure.JIN,
        carried = state.getBoolean("$name carried"),
    )
}
