// The language on screen: `?lang=en` in the address, else what was chosen last, else Chinese.
import { shallowRef, watchEffect } from 'vue'
import { say, type Language, type TermKey } from './terms.ts'

const KEPT_AS = 'wangge.language'

function chosen(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? kept()
  return asked === 'en' ? 'en' : 'zh'
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT_AS)
  } catch {
    return null
  }
}

export const language = shallowRef<Language>(chosen())

watchEffect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
})

export function switchLanguage(): void {
  language.value = language.value === 'zh' ? 'en' : 'zh'
  try {
    localStorage.setItem(KEPT_AS, language.value)
  } catch {
    // a browser that keeps nothing still shows it now
  }
}

/** Says a term in the language on screen; reactive inside templates. */
export function t(key: TermKey, values?: Readonly<Record<string, string | number>>): string {
  return say(language.value, key, values)
}
