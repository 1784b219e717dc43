Attribute VB_Name = "Messages"
' All that a person is told in a message box: by a button, or once by the add-in. Nothing else shows one.
Option Explicit
Option Private Module

' Show a message.
Public Sub Tell(ByVal text As String)
    MsgBox text, vbInformation, "xlsales"
End Sub
