// Seals the device's key with a key that the phone's secure hardware holds.

package org.courtyard.app.device

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.security.GeneralSecurityException
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** Seals and opens small secrets. What was sealed on one phone opens only there. */
interface Keychain {
    /** Seals a secret. */
    fun seal(secret: ByteArray): ByteArray

    /** Opens what [seal] gave, or `null` if it is not this phone's. */
    fun open(sealed: ByteArray): ByteArray?
}

/**
 * AES-GCM under a key in the Android Keystore (`name`): it never leaves the secure hardware, and no
 * lock screen is asked for, because a steward must be able to buy with wet hands.
 */
class AndroidKeychain(private val name: String) : Keychain {
    override fun seal(secret: ByteArray): ByteArray {
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.ENCRYPT_MODE, key())
        return cipher.iv + cipher.doFinal(secret)
    }

    override fun open(sealed: ByteArray): ByteArray? = try {
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.DECRYPT_MODE, key(), GCMParameterSpec(TAG_BITS, sealed, 0, IV_BYTES))
        cipher.doFinal(sealed, IV_BYTES, sealed.size - IV_BYTES)
    } catch (_: GeneralSecurityException) {
        null
    } catch (_: IllegalArgumentException) {
        // shorter than an initialisation vector
        null
    }

    private fun key(): SecretKey {
        val keys = KeyStore.getInstance(PROVIDER).apply { load(null) }
        (keys.getKey(name, null) as? SecretKey)?.let { return it }
        val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER)
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        generator.init(
            KeyGenParameterSpec.Builder(name, purposes)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .build(),
        )
        return generator.generateKey()
    }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val CIPHER = "AES/GCM/NoPadding"
        const val IV_BYTES = 12
        const val TAG_BITS = 128
    }
}
