// An activity that shows a Screen: it holds the model, runs the effects and draws, and decides nothing.

package org.courtyard.app.screen

import android.app.Activity
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import org.courtyard.app.Courtyard
import org.courtyard.app.ledger.trouble
import org.courtyard.app.look.Trouble
import org.courtyard.core.CourtyardException

/**
 * The Android side of one screen. What is shown is a function of the model ([render]); what
 * happens goes through [send]; what the ledger is asked goes through [perform], off the main thread,
 * and comes back as an event. Only small ids outlive the process ([keep]): all else is asked again.
 */
abstract class ScreenActivity<Model : Any, Event : Any, Effect : Any>(
    private val screen: Screen<Model, Event, Effect>,
) : Activity() {
    private val main = Handler(Looper.getMainLooper())
    private lateinit var current: Model

    /** What stands on the screen. */
    val model: Model get() = current

    /** The application: the ledger and the thread on which it is asked. */
    protected val courtyard: Courtyard get() = application as Courtyard

    /** The layout of this screen. */
    protected abstract val layout: Int

    /** The first model, from what [keep] put there before the process died, and its effects. */
    protected abstract fun begin(kept: Bundle?): Next<Model, Effect>

    /** Ties the views to events, once. */
    protected abstract fun bind()

    /** Shows the model. The same model gives the same screen. */
    protected abstract fun render(model: Model)

    /** Asks the ledger, off the main thread; an event tells the screen what came of it. */
    protected abstract fun perform(effect: Effect): Event?

    /** What it means to this screen that the ledger refused, in the core's words. */
    protected abstract fun refused(effect: Effect, trouble: Trouble): Event?

    /** Does what touches the screen itself, on the main thread. */
    protected open fun show(effect: Effect) = Unit

    /** Puts the small ids by which the screen finds its way again. */
    protected open fun keep(model: Model, state: Bundle) = Unit

    /** What it means to this screen that it comes into view. */
    protected open fun shown(): Event? = null

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(layout)
        val first = begin(savedInstanceState)
        current = first.model
        bind()
        take(first)
    }

    override fun onStart() {
        super.onStart()
        shown()?.let(::send)
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        keep(current, outState)
    }

    /** Tells the screen what happened; on the main thread. */
    fun send(event: Event) {
        if (!isDestroyed) take(screen.update(current, event))
    }

    /** Tells the screen what happened, from any thread. */
    protected fun post(event: Event) {
        main.post { send(event) }
    }

    private fun take(next: Next<Model, Effect>) {
        current = next.model
        render(next.model)
        for (effect in next.effects) {
            if (effect is OnScreen) {
                show(effect)
            } else {
                courtyard.work.run { asked(effect)?.let(::post) }
            }
        }
    }

    private fun asked(effect: Effect): Event? = try {
        perform(effect)
    } catch (refusal: CourtyardException) {
        refused(effect, refusal.trouble())
    }
}
