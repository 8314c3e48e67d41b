// Enrolling the phone with the office's invitation: model, events, effects and the pure update.

package org.courtyard.app.enrol

import org.courtyard.app.look.Trouble
import org.courtyard.app.screen.Next
import org.courtyard.app.screen.OnScreen
import org.courtyard.app.screen.Screen

/** How far enrolling has come. */
enum class Step {
    /** An invitation is asked for. */
    ASKING,

    /** The office is asked to certify this phone. */
    ENROLLING,

    /** The village's growers, products and prices are fetched. */
    FETCHING,
}

/** What stands on the screen. */
data class EnrolModel(
    val typed: String = "",
    val step: Step = Step.ASKING,
    /** What was fetched until now. */
    val fetched: Int = 0,
    val trouble: Trouble? = null,
) {
    /** Whether there is something to enrol with, and nothing under way. */
    val ready: Boolean get() = typed.isNotBlank() && step == Step.ASKING
}

/** What happened. */
sealed interface EnrolEvent {
    /** The invitation's text is now this. */
    data class Typed(val text: String) : EnrolEvent

    /** The action was touched. */
    data object Asked : EnrolEvent

    /** The office certified this phone. */
    data object Enrolled : EnrolEvent

    /** So much of the village's data is here. */
    data class Fetching(val entries: Int) : EnrolEvent

    /** The village's data is here, or will come with the next sync. */
    data object Fetched : EnrolEvent

    /** It was not done. */
    data class Failed(val trouble: Trouble) : EnrolEvent
}

/** What is to be done. */
sealed interface EnrolEffect {
    /** Look whether the office has certified this phone already. */
    data object Look : EnrolEffect

    /** Ask the office with this invitation. */
    data class Enrol(val invitation: String) : EnrolEffect

    /** Fetch what a new phone lacks. */
    data object Fetch : EnrolEffect

    /** Go on to the day's screen. */
    data object OpenToday : EnrolEffect, OnScreen
}

/** The screen itself. */
object EnrolScreen : Screen<EnrolModel, EnrolEvent, EnrolEffect> {
    override fun update(model: EnrolModel, event: EnrolEvent): Next<EnrolModel, EnrolEffect> =
        when (event) {
            is EnrolEvent.Typed -> Next(model.copy(typed = event.text, trouble = null))
            EnrolEvent.Asked ->
                if (model.ready) {
                    Next.of(
                        model.copy(step = Step.ENROLLING, trouble = null),
                        // A line that was copied in a chat brings blanks and breaks with it.
                        EnrolEffect.Enrol(model.typed.filterNot(Char::isWhitespace)),
                    )
                } else {
                    Next(model)
                }
            EnrolEvent.Enrolled -> Next.of(model.copy(step = Step.FETCHING), EnrolEffect.Fetch)
            is EnrolEvent.Fetching -> Next(model.copy(fetched = event.entries))
            EnrolEvent.Fetched -> Next.of(model, EnrolEffect.OpenToday)
            is EnrolEvent.Failed -> Next(model.copy(step = Step.ASKING, trouble = event.trouble))
        }
}
