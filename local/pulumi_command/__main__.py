"""Serve the provider protocol on a free port, whose number is the first line of standard output."""

from __future__ import annotations

import asyncio
import importlib.metadata
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2_grpc

from local.pulumi_command.process import CommandFailed
from local.pulumi_command.provider import CommandProvider


class Servicer(ProviderServicer):
    """A command's failure reaches the console as it stands: not as a Python traceback, as the SDK would have it."""

    async def Create(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return await _plainly(super().Create, request, context)

    async def Update(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return await _plainly(super().Update, request, context)

    async def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return await _plainly(super().Delete, request, context)


async def _plainly(method: Callable[[Any, Any], Awaitable[Any]], request: Any, context: Any) -> Any:
    try:
        return await method(request, context)
    except Exception as error:
        failure = error.__context__
        if isinstance(failure, CommandFailed):
            await context.abort(grpc.StatusCode.UNKNOWN, str(failure))
        raise


async def serve(engine_address: str) -> None:
    async with grpc.aio.insecure_channel(engine_address, options=_GRPC_CHANNEL_OPTIONS) as channel:
        engine = engine_pb2_grpc.EngineStub(channel)

        async def log_line(urn: str, line: str) -> None:
            message = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=line, urn=urn, ephemeral=True)
            await engine.Log(message)

        version = importlib.metadata.version("pulumi-command")
        server = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
        servicer = Servicer([], version, CommandProvider(log_line), engine_address=engine_address)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        await server.wait_for_termination()


def main() -> int:
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if len(addresses) != 1:
        sys.stderr.write("This is a plugin: the Pulumi engine starts it with its own address as the only argument.\n")
        return 2
    try:
        asyncio.run(serve(addresses[0]))
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
