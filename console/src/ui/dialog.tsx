import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useWords } from '../words'
import { Button } from './button'

interface Props {
  title: string
  isOpen: boolean
  onClose: () => void
  children: ReactNode
}

/** A window before the page; Escape and a click beside it close it. */
export function Window({ title, isOpen, onClose, children }: Props) {
  const words = useWords()
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className="fixed inset-0 z-40 grid place-items-center overflow-y-auto bg-black/45 p-3"
    >
      <Modal className="w-full max-w-lg rounded-card border border-line bg-surface shadow-2xl">
        <Dialog className="grid max-h-[90dvh] gap-3 overflow-y-auto p-4 outline-none">
          <header className="flex items-center justify-between gap-3">
            <Heading slot="title" className="text-lg">
              {title}
            </Heading>
            <Button bare look="quiet" icon={X} onPress={onClose}>
              {words.close}
            </Button>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
