// What every screen is made of: a model, events, effects, and one pure function between them.

package org.courtyard.app.screen

/** What an update comes to: the model to show, and what is to be done besides. */
data class Next<out Model, out Effect>(val model: Model, val effects: List<Effect> = emptyList()) {
    companion object {
        /** A model with effects. */
        fun <Model, Effect> of(model: Model, vararg effects: Effect): Next<Model, Effect> =
            Next(model, effects.asList())
    }
}

/**
 * A screen without Android: what happened ([Event]) and what stood there ([Model]) give what stands
 * there next and what is to be done ([Effect]). It reads no clock and no store, so a test calls it
 * like any function.
 */
fun interface Screen<Model, Event, Effect> {
    /** The model after this event, and its effects. Knows nothing but its arguments. */
    fun update(model: Model, event: Event): Next<Model, Effect>
}

/**
 * Marks an effect that touches the screen itself (open another one, close, share): it runs on the
 * main thread and gives no event. Every other effect runs off it.
 */
interface OnScreen
