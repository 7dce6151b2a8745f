import type { Contact } from '../client'

export const nameOf = (contact: Pick<Contact, 'first_name' | 'last_name' | 'phone_number'>) =>
  [contact.first_name, contact.last_name].filter(Boolean).join(' ') || contact.phone_number

/** The types that a contact may be of. */
export const TYPES = ['lead', 'prospect', 'client', 'customer']

export const wordsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((word) => typeof word === 'string') : []

export const fieldsIn = (value: unknown): Record<string, unknown> =>
  value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

/** A custom field's value as it is read and written. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)
