from gimpfu_compat.absent import refuse

refuse(__name__)
