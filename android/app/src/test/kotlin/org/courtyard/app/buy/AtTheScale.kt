// What the tests at the scale share: an enrolled phone in a real county, and a hand on its keys.

package org.courtyard.app.buy

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import android.view.View
import android.view.ViewGroup
import android.widget.ListView
import android.widget.TextView
import org.courtyard.app.County
import org.courtyard.app.R
import org.courtyard.app.ScreenTest
import org.courtyard.app.SetClock
import org.courtyard.app.ledger.Sync
import org.courtyard.app.look.PadView
import org.courtyard.app.screen.view
import org.junit.AfterClass
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.BeforeClass
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController

/** A phone of the village, enrolled and synced, then without a signal. */
abstract class AtTheScale : ScreenTest() {
    protected val clock = SetClock(DAWN_S)

    @Before
    fun enrol() {
        app.clock = clock
        app.ledger.enrol(county.invitation())
        app.syncing.start()
        waitFor("synced") { synced() }
    }

    private fun synced(): Boolean {
        var now: Sync = Sync.Still
        val watcher: (Sync) -> Unit = { now = it }
        app.syncing.watch(watcher)
        app.syncing.leave(watcher)
        return now is Sync.Done
    }

    /** Opens 收购. */
    protected fun buying(kept: Bundle? = null): ActivityController<BuyActivity> {
        val controller = Robolectric.buildActivity(BuyActivity::class.java)
        if (kept == null) controller.setup() else controller.setup(kept)
        settle()
        return controller
    }

    /** Opens 收购 for a while. */
    protected fun buy(then: (BuyActivity) -> Unit) = buying().use { then(it.get()) }

    /** Touches the row of this name. */
    protected fun Activity.choose(name: String) {
        val list = findViewById<ListView>(R.id.list)
        val adapter = list.adapter
        val names = (0 until adapter.count).map {
            adapter.getView(it, null, list).findViewById<TextView>(R.id.choice_name).text.toString()
        }
        val place = names.indexOf(name)
        assertTrue("$name is among $names", place >= 0)
        list.performItemClick(adapter.getView(place, null, list), place, adapter.getItemId(place))
        settle()
    }

    /** Touches digits and points. */
    protected fun Activity.keys(text: String) {
        val digits = listOf(
            R.id.key_0, R.id.key_1, R.id.key_2, R.id.key_3, R.id.key_4,
            R.id.key_5, R.id.key_6, R.id.key_7, R.id.key_8, R.id.key_9,
        )
        text.forEach { touch(if (it == '.') R.id.key_point else digits[it - '0']) }
    }

    /** Touches a key beside the digits. */
    protected fun Activity.side(name: String) {
        val key = checkNotNull(view<PadView>(R.id.pad).side(name)) { "no key $name" }
        assertTrue("$name is shown", key.isShown)
        key.performClick()
        settle()
    }

    /** Weighs once, gross and tare in jin. */
    protected fun Activity.weigh(gross: String, tare: String = "") {
        keys(gross)
        if (tare.isNotEmpty()) {
            side("FIGURE")
            keys(tare)
        }
        touch(R.id.action)
    }

    /** Chooses a product and a grade. */
    protected fun Activity.product(name: String, grade: String = "A 等") {
        choose(name)
        choose(grade)
    }

    /** From nothing to the review: a grower, a product, a grade, one weighing. */
    protected fun Activity.draft(grower: String, product: String, grade: String, gross: String, tare: String = "") {
        choose(grower)
        product(product, grade)
        weigh(gross, tare)
        touch(R.id.action)
    }

    /** Saves, and gives the number of the slip that is then shown. */
    protected fun Activity.save(): String {
        touch(R.id.action)
        return checkNotNull(started().getStringExtra("slip")) { "no slip is shown" }
    }

    /** What the screen opened. */
    protected fun Activity.started(): Intent = checkNotNull(shadowOf(this).nextStartedActivity) { "nothing was opened" }

    /** Every text below this view. */
    protected fun View.texts(): List<String> = when {
        !isShown -> emptyList()
        this is ViewGroup -> (0 until childCount).flatMap { getChildAt(it).texts() }
        this is TextView -> listOf(text.toString())
        else -> emptyList()
    }

    /** Every text on the screen, in one. */
    protected fun Activity.says(): String = view<View>(android.R.id.content).texts().joinToString("\n")

    protected fun assertSays(activity: Activity, words: String) =
        assertTrue("“$words” in:\n${activity.says()}", words in activity.says())

    protected fun assertStage(stage: Stage, activity: BuyActivity) = assertEquals(activity.says(), stage, activity.model.stage)

    companion object {
        /** Half past five on 18 June 2026 in Shanghai. */
        const val DAWN_S = 1_781_731_800L
        const val CLOCK_2000_S = 946_684_800L
        lateinit var county: County

        @JvmStatic
        @BeforeClass
        fun open() {
            county = County().apply { start() }
        }

        @JvmStatic
        @AfterClass
        fun close() = county.close()
    }
}
