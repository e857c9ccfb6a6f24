// Answers what is no HTTP request at all: there is no request and no reply object, only a socket.
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { FluxError } from '../../core/errors.ts'
import { PROBLEM_TYPE } from '../http/media-types.ts'
import { problemOf } from './problem.ts'

/** A `clientErrorHandler` for Fastify: writes one problem document and closes the connection. */
export function answerBrokenConnection(publicUrl: string): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    // ECONNRESET: nobody is there to read an answer.
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const flux = new FluxError('FLUX_BAD_REQUEST', 'This is not a well-formed HTTP request.', [], error)
    const body = JSON.stringify(problemOf(flux, randomUUID(), publicUrl))
    socket.end(
      `HTTP/1.1 400 Bad Request\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
  }
}
