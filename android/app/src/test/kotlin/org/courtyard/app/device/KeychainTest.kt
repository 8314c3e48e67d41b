// Sealing the device's key: what is sealed opens here, and nowhere else.

package org.courtyard.app.device

import org.courtyard.core.KeyStoreException
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertThrows
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

@RunWith(RobolectricTestRunner::class)
class KeychainTest {
    private val secret = ByteArray(32) { it.toByte() }

    @Before
    fun keystore() = MemoryKeystore.install()

    @Test
    fun `what was sealed opens again and holds no plain byte run`() {
        val sealed = Keychain("device").seal(secret)
        assertArrayEquals(secret, Keychain("device").unseal(sealed))
        assertFalse(sealed.toList().windowed(8).contains(secret.take(8)))
    }

    @Test
    fun `sealing twice gives two texts`() {
        val keychain = Keychain("device")
        assertNotEquals(keychain.seal(secret).toList(), keychain.seal(secret).toList())
    }

    @Test
    fun `a changed text, a short one, and one from a wiped phone do not open`() {
        val keychain = Keychain("device")
        val sealed = keychain.seal(secret)
        val changed = sealed.clone().also { it[20] = (it[20] + 1).toByte() }
        assertThrows(KeyStoreException::class.java) { keychain.unseal(changed) }
        assertThrows(KeyStoreException::class.java) { keychain.unseal(sealed.copyOf(5)) }
        MemoryKeystore.wipe()
        assertThrows(KeyStoreException::class.java) { keychain.unseal(sealed) }
    }
}
