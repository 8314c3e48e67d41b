// The enrolment's update: what can be asked when, and where it leads.

package org.courtyard.app.enrol

import org.courtyard.app.look.Trouble
import org.courtyard.app.screen.Next
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class EnrolScreenTest {
    private val typed = EnrolModel(typed = "CY1.abc\n def ")

    @Test
    fun `nothing can be asked before something is typed`() {
        assertFalse(EnrolModel(typed = " \n").ready)
        assertEquals(Next<EnrolModel, EnrolEffect>(EnrolModel()), EnrolScreen.update(EnrolModel(), EnrolEvent.Asked))
        assertTrue(EnrolScreen.update(EnrolModel(), EnrolEvent.Typed("CY1")).model.ready)
    }

    @Test
    fun `an invitation is sent without the blanks that a chat put into it`() {
        val next = EnrolScreen.update(typed, EnrolEvent.Asked)
        assertEquals(listOf(EnrolEffect.Enrol("CY1.abcdef")), next.effects)
        assertEquals(Step.ENROLLING, next.model.step)
    }

    @Test
    fun `a second touch asks nothing twice`() {
        val once = EnrolScreen.update(typed, EnrolEvent.Asked).model
        assertEquals(emptyList<EnrolEffect>(), EnrolScreen.update(once, EnrolEvent.Asked).effects)
    }

    @Test
    fun `what went wrong is shown, and what was typed stays`() {
        val trouble = Trouble("steward.not_an_invitation", "不是", "not")
        val asked = EnrolScreen.update(typed, EnrolEvent.Asked).model
        val failed = EnrolScreen.update(asked, EnrolEvent.Failed(trouble)).model
        assertEquals(trouble, failed.trouble)
        assertEquals(typed.typed, failed.typed)
        assertTrue(failed.ready)
    }

    @Test
    fun `after the certificate comes the village, then the day`() {
        val enrolled = EnrolScreen.update(typed, EnrolEvent.Enrolled)
        assertEquals(listOf(EnrolEffect.Fetch), enrolled.effects)
        val fetched = EnrolScreen.update(enrolled.model, EnrolEvent.Fetched)
        assertEquals(listOf(EnrolEffect.OpenToday), fetched.effects)
    }
}
